import assert from 'node:assert/strict';
import { test } from 'node:test';
import { invitationLetters } from './invitation-letter.ts';
import { createWords } from './pages/index.ts';

const words = createWords();

test('an invitation and its copy say who invites, in the words of the inviter, and where to go', () => {
  const letters = invitationLetters(
    {
      to: 'ada@fabrikam.example',
      cc: ['boss@fabrikam.example'],
      displayName: 'Ada',
      url: 'https://app.example/?a=1&b=2',
      message: 'See you <soon>',
    },
    'Contoso & Sons',
    words,
  );
  assert.deepEqual(
    letters.map(({ to }) => to),
    ['ada@fabrikam.example', 'boss@fabrikam.example'],
  );
  const [letter] = letters;
  assert.equal(letter?.subject, 'Contoso & Sons has invited you');
  assert.match(letter?.text ?? '', /See you <soon>[\s\S]*https:\/\/app\.example\/\?a=1&b=2$/);
  assert.match(letter?.html ?? '', /^<div lang="en" dir="ltr">/);
  assert.match(letter?.html ?? '', /See you &lt;soon&gt;[\s\S]*href="https:\/\/app\.example\/\?a=1&amp;b=2"/);
});

test('the subject is one line, whatever the tenant is called', () => {
  const invitation = { to: 'ada@fabrikam.example', cc: [], displayName: 'Ada', url: 'https://app.example/' };
  for (const name of ['Contoso\r\nBcc: x@y.example', 'Contoso\u2028Bcc:', 'Contoso\u0085\u0007', ' Contoso\n']) {
    const [letter] = invitationLetters(invitation, name, words);
    assert.match(letter?.subject ?? '', /^Contoso [^\p{Cc}\p{Zl}\p{Zp}]*has invited you$/u);
  }
});

test('an invitation is written in the language that the inviter asked for', () => {
  const invitation = {
    to: 'ada@fabrikam.example',
    cc: [],
    displayName: 'Ada',
    url: 'https://app.example/',
    language: 'de-AT',
  };
  const asked: string[] = [];
  const noted = {
    ...words,
    text(id: string, _: unknown, locales: readonly string[]) {
      asked.push(...locales);
      return id;
    },
    choose: ([tag = 'en']: readonly string[]) => ({ tag, direction: 'ltr' as const }),
  };
  const [letter] = invitationLetters(invitation, 'Contoso', noted);
  assert.match(letter?.html ?? '', /^<div lang="de-AT" dir="ltr"><p>mail\.invitation\.email_greeting<\/p>/);
  assert.deepEqual([...new Set(asked)], ['de-AT']);
});
