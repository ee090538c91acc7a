import assert from 'node:assert/strict';
import { test } from 'node:test';
import { enumType, type PropertyType } from './property.ts';
import { readScalar, type ScalarType } from './scalar.ts';

const refused = undefined;

function cases(type: ScalarType, expected: readonly (readonly [given: unknown, read: unknown])[]): void {
  for (const [given, read] of expected) assert.deepEqual(readScalar(type, given), read, JSON.stringify(given));
}

test('a string keeps its spelling and is refused beyond its length, off its pattern or when no engine can store it', () => {
  cases({ kind: 'string', maxLength: 4, pattern: /^[a-z]*$/i }, [
    ['AbcD', 'AbcD'],
    ['', ''],
    ['abcde', refused],
    ['ab1', refused],
    [12, refused],
    [null, refused],
  ]);
  cases({ kind: 'string' }, [
    ['a\u0000b', refused],
    ['\ud800', refused],
    ['😀', '😀'],
    ['x'.repeat(32_768), 'x'.repeat(32_768)],
    ['x'.repeat(32_769), refused],
  ]);
});

test('a string is one line without control characters, where lines or anything is not asked for', () => {
  const breaks = ['a\nb', 'a\tb', 'a\r\nb'];
  const others = ['a\u001bb', 'a\u007fb', 'a\u0085b'];
  const separators = ['a\u2028b', 'a\u2029b'];
  const of = (texts: readonly string[], taken: boolean) => texts.map((text) => [text, taken ? text : refused] as const);
  cases({ kind: 'string' }, of([...breaks, ...others, ...separators], false));
  cases({ kind: 'string', text: 'lines' }, [...of([...breaks, ...separators], true), ...of(others, false)]);
  cases({ kind: 'string', text: 'any' }, of([...breaks, ...others, ...separators], true));
});

test('a number is whole where it must be, within its range, and never a text', () => {
  cases({ kind: 'int32', min: 1, max: 2 }, [
    [1, 1],
    [2, 2],
    [0, refused],
    [3, refused],
    [1.5, refused],
    ['1', refused],
  ]);
  cases({ kind: 'int32' }, [
    [2_147_483_647, 2_147_483_647],
    [2_147_483_648, refused],
    [-2_147_483_648, -2_147_483_648],
    [-0, 0],
  ]);
  cases({ kind: 'int64' }, [
    [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
    [Number.MAX_SAFE_INTEGER + 1, refused],
  ]);
  cases({ kind: 'single' }, [
    [1.1, 1.1],
    [3, 3],
    [Number.NaN, refused],
    [Number.POSITIVE_INFINITY, refused],
    [1e39, refused],
  ]);
});

test('a boolean is no text and no number', () => {
  cases({ kind: 'boolean' }, [
    [true, true],
    [false, false],
    ['true', refused],
    [1, refused],
  ]);
});

test('a GUID is stored in lower case', () => {
  cases({ kind: 'guid' }, [
    ['775527FF-9A37-4307-8B3D-CC311F58D925', '775527ff-9a37-4307-8b3d-cc311f58d925'],
    ['775527ff9a3743078b3dcc311f58d925', refused],
    ['{775527ff-9a37-4307-8b3d-cc311f58d925}', refused],
  ]);
});

test('a time is stored in UTC to the second, and a day that does not exist is refused', () => {
  cases({ kind: 'dateTimeOffset' }, [
    ['2026-11-21T10:00:00Z', '2026-11-21T10:00:00Z'],
    ['2026-11-21t10:00:00z', '2026-11-21T10:00:00Z'],
    ['2026-11-21T10:00Z', '2026-11-21T10:00:00Z'],
    ['2026-11-21T10:00:00.9999999Z', '2026-11-21T10:00:00Z'],
    ['2026-01-01T00:30:00+01:00', '2025-12-31T23:30:00Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00Z'],
    ['2026-02-29T00:00:00Z', refused],
    ['2026-02-30T00:00:00Z', refused],
    ['2026-11-21T24:00:00Z', refused],
    ['2026-11-21T10:00:60Z', refused],
    ['2026-11-21T10:00:00', refused],
    ['2026-11-21', refused],
    ['9999-12-31T23:30:00-01:00', refused],
    ['0000-01-01T00:30:00+01:00', refused],
    [1_800_000_000, refused],
  ]);
});

test('an enum member matches in any case, is stored as declared, and a reserved one is refused', () => {
  const type: PropertyType = { kind: 'enum', type: enumType('size', { small: 0, unknownFutureValue: 1 }) };
  cases(type, [
    ['Small', 'small'],
    ['SMALL', 'small'],
    ['medium', refused],
    ['unknownFutureValue', refused],
    ['toString', refused],
    [0, refused],
  ]);
});
