import { Route, Routes } from "react-router";
import { Assistant } from "./assistant.tsx";

/** The assistant: a chat that looks things up, and proposes what one confirms. */
export default function AssistantPages() {
  return (
    <Routes>
      <Route path=":conversationId?" element={<Assistant />} />
    </Routes>
  );
}
