import { Button, Skeleton, VisuallyHidden } from "@mantine/core";
import { Component, type ComponentType, type LazyExoticComponent, lazy, type ReactNode, Suspense } from "react";
import { problemMessages } from "../api/problem-messages.ts";
import { Notice } from "../components/notice.tsx";
import { useMessages } from "../i18n/language.tsx";
import { shellMessages } from "./messages.ts";
import { type PagePath, pageLoads } from "./page-loads.ts";
import { type Page, pages } from "./pages.ts";
import styles from "./shell.module.css";

const components = new Map<PagePath, LazyExoticComponent<ComponentType>>(pages.map(({ path }) => [path, lazy(pageLoads[path])]));

/** A page, loaded when it is opened, with a place for its skeleton and for its failure. */
export function PageFrame({ page }: { readonly page: Page }) {
  const Content = components.get(page.path);
  return (
    <Catch key={page.path}>
      <Suspense fallback={<PageSkeleton />}>{Content && <Content />}</Suspense>
    </Catch>
  );
}

function PageSkeleton() {
  const messages = useMessages(shellMessages);
  return (
    <div className={styles.skeleton} aria-busy="true" role="status">
      <VisuallyHidden>{messages.loading}</VisuallyHidden>
      <Skeleton height={34} width={180} />
      <Skeleton height={148} radius="lg" />
      <Skeleton height={320} radius="lg" />
    </div>
  );
}

/** A failure of one page leaves the navigation standing. */
class Catch extends Component<{ readonly children: ReactNode }, { readonly error: unknown }> {
  override state = { error: undefined };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    return this.state.error === undefined ? this.props.children : <Failure error={this.state.error} />;
  }
}

/** After a deployment an open tab may ask for a part of the page that is there no more. */
const isMissingPart = (error: unknown) => error instanceof TypeError && /import|module|fetch/i.test(error.message);

function Failure({ error }: { readonly error: unknown }) {
  const shell = useMessages(shellMessages);
  const problems = useMessages(problemMessages);
  const [title, detail] = isMissingPart(error) ? [shell.newVersion, shell.newVersionDetail] : [problems.failed, problems.failedDetail];
  return (
    <Notice tone="problem" title={title} actions={<Button onClick={() => location.reload()}>{problems.reload}</Button>}>
      <p>{detail}</p>
    </Notice>
  );
}
