import assert from 'node:assert/strict';
import { test } from 'node:test';
import { invitationLetters } from './invitation-letter.ts';

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
  );
  assert.deepEqual(
    letters.map(({ to }) => to),
    ['ada@fabrikam.example', 'boss@fabrikam.example'],
  );
  const [letter] = letters;
  assert.equal(letter?.subject, 'Contoso & Sons has invited you');
  assert.match(letter?.text ?? '', /See you <soon>[\s\S]*https:\/\/app\.example\/\?a=1&b=2$/);
  assert.match(letter?.html ?? '', /See you &lt;soon&gt;[\s\S]*href="https:\/\/app\.example\/\?a=1&amp;b=2"/);
});

test('the subject is one line, whatever the tenant is called', () => {
  const invitation = { to: 'ada@fabrikam.example', cc: [], displayName: 'Ada', url: 'https://app.example/' };
  for (const name of ['Contoso\r\nBcc: x@y.example', 'Contoso\u2028Bcc:', 'Contoso\u0085\u0007', ' Contoso\n']) {
    const [letter] = invitationLetters(invitation, name);
    assert.match(letter?.subject ?? '', /^Contoso [^\p{Cc}\p{Zl}\p{Zp}]*has invited you$/u);
  }
});
