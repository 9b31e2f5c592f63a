import { Button } from "@mantine/core";
import { IconPhoneCheck } from "@tabler/icons-react";
import { Link } from "react-router";
import { Empty } from "../../../components/empty.tsx";
import { useFormats } from "../../../i18n/formats.ts";
import { useMessages } from "../../../i18n/language.tsx";
import { numberMessages } from "../messages.ts";
import { formatPhone } from "../phone-number.ts";
import type { NumberView } from "../shapes.ts";
import styles from "./add-number.module.css";
import { addMessages } from "./messages.ts";

interface Props {
  readonly number: NumberView;
  readonly onClose: () => void;
}

/** It is theirs: what one does next with it. */
export function Bought({ number: { numberId, phoneNumber, paidThrough }, onClose }: Props) {
  const messages = useMessages(addMessages);
  const { progress } = useMessages(numberMessages);
  const formats = useFormats();
  return (
    <div role="status">
      <Empty
        icon={IconPhoneCheck}
        title={progress.bought(formatPhone(phoneNumber))}
        action={
          <div className={styles.buttons}>
            <Button variant="default" onClick={onClose}>
              {messages.done}
            </Button>
            <Button component={Link} to={`/numbers/${numberId}`} onClick={onClose} data-autofocus>
              {messages.setUpAnswers}
            </Button>
          </div>
        }
      >
        {paidThrough && messages.doneText(formats.day(new Date(paidThrough)))}
      </Empty>
    </div>
  );
}
