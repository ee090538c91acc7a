import { conformance } from '../conformance.ts';
import { memoryDatabase } from './memory.ts';

conformance('memory:', memoryDatabase);
