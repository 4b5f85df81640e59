import { builtPlatform } from "../../../../support/unit/built-platform.js";
import { digest } from "../../rules/cases/objects.js";
import { deployment, infrastructureFile } from "./objects.js";
import type { PlatformCases } from "./platform-case.js";

const only = (image: string) => builtPlatform({ [infrastructureFile]: deployment(image) });

/** The cases of the rule `platform-images`. */
export const imagesCases: PlatformCases = {
  violating: ["proxy", "proxy:latest", "registry.example.com:5000/acme/proxy"].map((image) => ({
    title: image,
    platform: only(image),
    violations: [`${infrastructureFile}:8 Deployment platform/proxy runs ${image}`],
  })),
  clean: [
    { title: "a version", platform: only("registry.example.com:5000/acme/proxy:v1.2.3") },
    { title: "a digest", platform: only(`proxy@${digest}`) },
    { title: "a tag with its digest", platform: only(`proxy:latest@${digest}`) },
  ],
};
