import { judged, type Measure, median, shown } from "../measure.ts";
import { MAIN, runNode, withFolder } from "../processes.ts";

const rounds = 3;

export const demoMeasure: Measure = {
  name: "demo",
  title: "the main job, whole process",
  run: () =>
    withFolder(async (home) => {
      const walls: number[] = [];
      let created = 0;
      for (let round = 0; round < rounds; round += 1) {
        const run = runNode([MAIN, "demo", "--exit", "--json"], { env: { NIGHTLATCH_HOME: home } });
        walls.push(run.wallMs / 1000);
        const story = JSON.parse(run.stdout) as { firstRun: { created: number } };
        created = story.firstRun.created;
      }
      return [
        shown("first start ever", walls[0] ?? Number.NaN, "s"),
        judged(`median of ${rounds}`, median(walls), "s", { atMost: 10 }),
        judged("events written in the first run", created, "", { atLeast: 300 }),
      ];
    }),
};
