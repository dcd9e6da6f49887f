import { requirePackage } from "../require-package";

// Before anything here imports it.
requirePackage("@pulumi/docker@^5.0.0", "DockerFleet");
