import { conformance } from '../testing/conformance.ts';
import { queryConformance } from '../testing/query-conformance.ts';
import { memoryDatabase } from './memory.ts';

conformance('memory:', memoryDatabase);
queryConformance('memory:', memoryDatabase);
