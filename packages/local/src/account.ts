/** The AWS account and region that the emulators pretend to be in. */
export const ACCOUNT_ID = "000000000000";
export const REGION = "us-east-1";

/** For SDK clients that talk to an emulator: never the machine's own credentials. */
export const emulatorCredentials = { accessKeyId: "local", secretAccessKey: "local" } as const;
