import { Navigate, Route, Routes } from "react-router";
import { NumberList } from "./number-list.tsx";
import { NumberPage } from "./settings/number-page.tsx";

/** Numbers: which there are, more of them, and how each answers. */
export default function Numbers() {
  return (
    <Routes>
      <Route index element={<NumberList />} />
      <Route path=":numberId" element={<NumberPage />} />
      <Route path="*" element={<Navigate to="/numbers" replace />} />
    </Routes>
  );
}
