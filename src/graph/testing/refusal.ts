import assert from 'node:assert/strict';
import { Fault } from '../../kernel/index.ts';

/** The fault that reading something ends with. */
export function refusal(read: () => unknown): { readonly code: string; readonly message: string } {
  try {
    read();
  } catch (error) {
    assert.ok(error instanceof Fault, String(error));
    return { code: error.code, message: error.message };
  }
  assert.fail('it was accepted');
}
