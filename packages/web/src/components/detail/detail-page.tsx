import { ProblemError } from "@aira/contract/client";
import { Button, Skeleton } from "@mantine/core";
import { type Icon, IconChevronLeft } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { useDescribeError } from "../../api/describe-error.ts";
import { Card } from "../card.tsx";
import { Empty } from "../empty.tsx";
import { PageHead } from "../page-head.tsx";
import { ProblemNotice } from "../problem-notice.tsx";
import styles from "./detail.module.css";

interface Props {
  /** The list that it stands in. */
  readonly back: { readonly to: string; readonly name: string };
  /** Of the sheet that says that there is no such thing. */
  readonly goneIcon: Icon;
  readonly read: { readonly isPending: boolean; readonly error: unknown; refetch(): unknown };
  /** Undefined: it could not be read. */
  readonly children: ReactNode;
}

/** A page about one thing of a list: what is known of it, or why that is not to be had, and the way back. */
export function DetailPage({ back: { to, name }, goneIcon, read: { isPending, error, refetch }, children }: Props) {
  const describe = useDescribeError();
  if (error instanceof ProblemError && (error.problem.status === 404 || error.problem.status === 400)) {
    const { title } = describe(error);
    return (
      <>
        <PageHead title={title} />
        <Card label={title}>
          <Empty
            icon={goneIcon}
            title={title}
            action={
              <Button component={Link} to={to}>
                {name}
              </Button>
            }
          >
            {error.problem.requestId}
          </Empty>
        </Card>
      </>
    );
  }
  return (
    <>
      <Link to={to} className={styles.back}>
        <IconChevronLeft size={18} aria-hidden="true" />
        {name}
      </Link>
      {isPending ? (
        <>
          <Skeleton height={34} width={250} />
          <Skeleton height={400} radius="lg" />
        </>
      ) : (
        (children ?? <ProblemNotice error={error} onRetry={() => void refetch()} />)
      )}
    </>
  );
}

interface ColumnsProps {
  readonly children: ReactNode;
  readonly aside: ReactNode;
}

/** The thing itself, and beside it what there is to know about it: below each other where there is little room. */
export function Columns({ children, aside }: ColumnsProps) {
  return (
    <div className={styles.columns}>
      <div className={styles.column}>{children}</div>
      <div className={styles.column}>{aside}</div>
    </div>
  );
}
