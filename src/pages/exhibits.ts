import { encode } from 'uqr';
import type { Exhibit } from '../flows/index.ts';
import { attributes, type Html, html } from '../http/index.ts';
import type { Voice } from './words.ts';

/** Modules of white around a QR code (ISO/IEC 18004 §9.1 asks for four). */
const quietModules = 4;

/** Dark runs of each row as one path: a few kilobytes, and sharp at any size. */
function qrPath(rows: readonly (readonly boolean[])[]): string {
  return rows
    .map((row, y) =>
      [
        ...row
          .map((dark) => (dark ? '1' : '0'))
          .join('')
          .matchAll(/1+/g),
      ]
        .map(({ index, 0: run }) => `M${index} ${y}h${run.length}v1h-${run.length}z`)
        .join(''),
    )
    .join('');
}

function qrImage(content: string, label: string): Html {
  const { data, size } = encode(content, { ecc: 'M', border: quietModules });
  const view = attributes({ viewBox: `0 0 ${size} ${size}`, role: 'img', 'aria-label': label });
  return html`<svg${view} shape-rendering="crispEdges"><path d="${qrPath(data)}"/></svg>`;
}

/** Only an address that opens an authenticator app is made a link. */
const opensApp = (content: string): boolean => content.startsWith('otpauth://');

function qrCode({ id, content, label }: Extract<Exhibit, { kind: 'qrCode' }>, voice: Voice): Html {
  const said = voice.tell(label);
  const link = opensApp(content) && html`<a class="openApp" href="${content}">${voice.say('page.exhibit.openApp')}</a>`;
  return html`<div class="qrCodeControlContent"${attributes({ id })}>
<p class="title"${attributes({ id: `${id}-title` })}>${said}</p>
<div class="qrCode"${attributes({ id: `${id}-picture` })}>${qrImage(content, said)}</div>${link}</div>`;
}

/** In groups of four, so that a person keeps the place; what is copied has no gaps. From left to right on every page, or groups change places. */
const groupsOf = (value: string): readonly string[] => value.match(/.{1,4}/gsu) ?? [];

function secret({ id, label, value }: Extract<Exhibit, { kind: 'secret' }>, voice: Voice): Html {
  return html`<div class="authenticatorInfo"${attributes({ id })}>
<p class="title"${attributes({ id: `${id}-title` })}>${voice.tell(label)}</p>
<div class="letters" dir="ltr"${attributes({ id: `${id}-secret` })}>${groupsOf(value).map((group) => html`<span>${group}</span>`)}</div></div>`;
}

/** Copying and printing need scripts: the buttons appear with them, and the codes can be marked and written down without. */
function codes({ id, label, values }: Extract<Exhibit, { kind: 'codes' }>, voice: Voice): Html {
  return html`<div class="codesControl"${attributes({ id })}>
<p class="title"${attributes({ id: `${id}-title` })}>${voice.tell(label)}</p>
<ul class="codes" dir="ltr"${attributes({ 'aria-labelledby': `${id}-title` })}>${values.map((code) => html`<li>${code}</li>`)}</ul>
<div class="tools" hidden><button type="button" class="textButton" data-copy>${voice.say('page.exhibit.copy')}</button><button type="button" class="textButton" data-print>${voice.say('page.exhibit.print')}</button><span role="status" data-copied="${voice.say('page.exhibit.copied')}"></span></div></div>`;
}

function exhibit(one: Exhibit, voice: Voice): Html {
  switch (one.kind) {
    case 'qrCode':
      return qrCode(one, voice);
    case 'secret':
      return secret(one, voice);
    case 'codes':
      return codes(one, voice);
    case 'paragraph':
      return html`<p class="Paragraph">${voice.tell(one.text)}</p>`;
    default:
      return one satisfies never;
  }
}

/** What a page shows besides words and fields. */
export const renderExhibits = (exhibits: readonly Exhibit[] | undefined, voice: Voice): Html | undefined =>
  exhibits?.length ? html`<div class="exhibits">${exhibits.map((one) => exhibit(one, voice))}</div>` : undefined;
