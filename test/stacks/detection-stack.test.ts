import { Template } from 'aws-cdk-lib/assertions';
import { environment } from './synthesize';

const template = Template.fromStack(environment().detection);

test('smoke', () => {
  const json = template.toJSON();
  const types: Record<string, number> = {};
  for (const resource of Object.values(json.Resources as Record<string, { Type: string }>)) {
    types[resource.Type] = (types[resource.Type] ?? 0) + 1;
  }
  console.log(JSON.stringify(types, null, 1));
  console.log(
    JSON.stringify(
      Object.entries(json.Resources).filter(([id]) =>
        /^ApplicationUnusual|ApplicationTask|ApplicationRunning|ApplicationDoor|TrailRootUse|Data|EventsThreat|EventsSignIn|EventsWeak/.test(
          id,
        ),
      ),
      null,
      1,
    ),
  );
});
