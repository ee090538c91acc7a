import { behaviour, type OperationCall } from '../../directory/index.ts';
import { entities } from '../../model/index.ts';
import { explainChoice } from '../events/choices.ts';
import { readContenders } from '../events/contenders.ts';
import { obstacleOf } from '../obstacle.ts';
import { planReader } from '../plans.ts';

const type = entities.application;

/** Which user flow an application gets where no flow stands in the address. */
export const applicationRules = behaviour({
  type,
  operations: {
    explainUserFlow({ directory, target }: OperationCall<typeof type>) {
      const read = planReader(directory);
      return explainChoice(target?.entity.appId ?? '', {
        contenders: () => readContenders(directory),
        obstacle: (flowId) => obstacleOf(read(flowId, [])),
      });
    },
  },
});
