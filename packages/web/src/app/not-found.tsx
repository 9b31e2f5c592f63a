import { Button } from "@mantine/core";
import { IconMapOff } from "@tabler/icons-react";
import { Link } from "react-router";
import { Card } from "../components/card.tsx";
import { Empty } from "../components/empty.tsx";
import { PageHead } from "../components/page-head.tsx";
import { useMessages } from "../i18n/language.tsx";
import { shellMessages } from "./messages.ts";

export function NotFound() {
  const messages = useMessages(shellMessages);
  return (
    <>
      <PageHead title={messages.notFound} />
      <Card label={messages.notFound}>
        <Empty
          icon={IconMapOff}
          title={messages.notFound}
          action={
            <Button component={Link} to="/funds">
              {messages.toFunds}
            </Button>
          }
        >
          {messages.notFoundDetail}
        </Empty>
      </Card>
    </>
  );
}
