// Stands in for the SDK's `@smithy/core/checksum` in the bundles, without the hashes in JavaScript for a Node that was built without its own.
import { createHash, createHmac } from "node:crypto";

export * from "../../../../../node_modules/@smithy/core/dist-es/submodules/checksum/index.js";

const bytesOf = ({ buffer, byteOffset, length }) => new Uint8Array(buffer, byteOffset, length);

export class Sha256 {
  constructor(secret) {
    this.secret = secret;
    this.reset();
  }

  update(data) {
    this.hash.update(data);
  }

  async digest() {
    return bytesOf(this.hash.digest());
  }

  reset() {
    this.hash = this.secret ? createHmac("sha256", this.secret) : createHash("sha256");
  }
}

export class Md5 {
  constructor() {
    this.reset();
  }

  update(data) {
    this.hash.update(data);
  }

  async digest() {
    return bytesOf(this.hash.digest());
  }

  reset() {
    this.hash = createHash("md5");
  }
}
