import { sendChatMessage } from "@aira/contract";
import { chat, customerToolPorts } from "@aira/core/conversations";
import { customerTools } from "@aira/core/conversations/responder";
import { conversationPorts, responder } from "../edge/conversations.ts";
import { http } from "../edge/http.ts";
import { numberMarket } from "../edge/services.ts";

/** Time to answer in, within the invocation's. */
const ANSWER_MS = 1_000;

/** One turn of the caller with the assistant. */
export const handler = http(sendChatMessage, async ({ body }, { owner, deadline }) => {
  const { policy, ...ports } = conversationPorts();
  const answer = await chat(
    {
      ...ports,
      responder: await responder(),
      tools: (whose) => customerTools(customerToolPorts({ ...ports, market: numberMarket }, whose)),
      retentionDays: policy.retentionDays,
    },
    { owner, ...body, deadlineMs: deadline - ANSWER_MS },
  );
  return { ...answer, proposals: [...answer.proposals] };
});
