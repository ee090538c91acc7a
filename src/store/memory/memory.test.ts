import { conformance } from '../testing/conformance.ts';
import { memoryDatabase } from './memory.ts';

conformance('memory:', memoryDatabase);
