import { MantineProvider } from "@mantine/core";
import { lazy, type ReactNode, Suspense } from "react";
import { useAfterIdle } from "../components/use-after-idle.ts";
import { LanguageProvider } from "../i18n/language.tsx";
import { theme } from "../theme/theme.ts";

/** Where notices of what was done appear. Nothing is done before the page stands. */
const Notifications = lazy(() => import("./notifications.tsx"));

const components = {
  // The lock of Mantine adds a style element, which the page's policy forbids; tokens.css locks instead.
  Modal: { defaultProps: { lockScroll: false, centered: true, radius: "lg", overlayProps: { backgroundOpacity: 0.45 } } },
  Drawer: { defaultProps: { lockScroll: false, position: "right", overlayProps: { backgroundOpacity: 0.45 } } },
  // A header within a dialog is not the page's banner.
  ModalHeader: { defaultProps: { component: "div" } },
  DrawerHeader: { defaultProps: { component: "div" } },
  Skeleton: { defaultProps: { radius: "sm" } },
  Tooltip: { defaultProps: { withArrow: true, openDelay: 300 } },
} as const;

/** What stands around everything: look and language. Styles are files: the page's policy forbids style elements. */
export function Providers({ children }: { readonly children: ReactNode }) {
  const rested = useAfterIdle();
  return (
    <MantineProvider theme={{ ...theme, components }} defaultColorScheme="auto" withCssVariables={false} withGlobalClasses={false}>
      <LanguageProvider>
        {rested && (
          <Suspense>
            <Notifications />
          </Suspense>
        )}
        {children}
      </LanguageProvider>
    </MantineProvider>
  );
}
