import { Navigate, NavLink, Route, Routes } from "react-router";
import { PageHead } from "../../components/page-head.tsx";
import { useMessages } from "../../i18n/language.tsx";
import { operatorMessages } from "./messages.ts";
import styles from "./operator.module.css";
import { Quarantine } from "./quarantine/quarantine.tsx";
import { Queues } from "./queues/queues.tsx";
import { Reports } from "./reports/reports.tsx";
import { Wallets } from "./wallets/wallets.tsx";

const SECTIONS = [
  { path: "wallets", name: "wallets", Content: Wallets },
  { path: "quarantine", name: "quarantine", Content: Quarantine },
  { path: "queues", name: "queues", Content: Queues },
  { path: "reports", name: "reports", Content: Reports },
] as const;

/** What operators do. The API asks for their group on every call; this page only shows itself to them. */
export default function Operator() {
  const messages = useMessages(operatorMessages);
  return (
    <>
      <PageHead title={messages.title} />
      <nav className={styles.sections} aria-label={messages.sections}>
        {SECTIONS.map(({ path, name }) => (
          <NavLink key={path} to={`/operator/${path}`}>
            {messages[name]}
          </NavLink>
        ))}
      </nav>
      <Routes>
        {SECTIONS.map(({ path, Content }) => (
          <Route key={path} path={path} element={<Content />} />
        ))}
        <Route path="*" element={<Navigate to="/operator/wallets" replace />} />
      </Routes>
    </>
  );
}
