import { describeGroup } from "./group-suite.ts";

describeGroup("numbers");
