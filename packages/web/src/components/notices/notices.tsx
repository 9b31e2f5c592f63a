import { IconBell } from "@tabler/icons-react";
import { lazy, Suspense } from "react";
import { useAfterIdle } from "../use-after-idle.ts";
import styles from "./notices.module.css";

const Bell = lazy(() => import("./bell.tsx"));

/** The bell of the shell, which comes after the page: until then its face stands there. */
export function Notices() {
  const rested = useAfterIdle();
  const face = (
    <span className={styles.bell} aria-hidden="true">
      <IconBell size={20} stroke={1.75} />
    </span>
  );
  return rested ? (
    <Suspense fallback={face}>
      <Bell />
    </Suspense>
  ) : (
    face
  );
}
