import type { ReactNode } from "react";
import styles from "./detail.module.css";

interface Props {
  /** By name. What has no value is left out. */
  readonly facts: readonly (readonly [string, ReactNode])[];
  /** Where else it appears. */
  readonly links?: ReactNode;
}

/** What there is to know about a thing, a line each. */
export function Facts({ facts, links }: Props) {
  return (
    <>
      <dl className={styles.facts}>
        {facts.map(
          ([name, value]) =>
            value && (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ),
        )}
      </dl>
      {links && <p className={styles.links}>{links}</p>}
    </>
  );
}
