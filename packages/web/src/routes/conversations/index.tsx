import { Navigate, Route, Routes } from "react-router";
import { ConversationPage } from "./detail/conversation-page.tsx";
import { Timeline } from "./timeline.tsx";

/** Conversations: calls, texts and chats in one line of time, and each with what was said. */
export default function Conversations() {
  return (
    <Routes>
      <Route index element={<Timeline />} />
      <Route path=":conversationId" element={<ConversationPage />} />
      <Route path="*" element={<Navigate to="/conversations" replace />} />
    </Routes>
  );
}
