/** The local provider of tests; it lies where the tests of every room reach it (`test/support/foreign-provider/`). */
export {
  type Failing,
  type ForeignProviderServer,
  type Mischief,
  type Return,
  startForeignProvider,
} from '../../../test/support/foreign-provider/provider.ts';
