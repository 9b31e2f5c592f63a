import { useElementSize } from "@mantine/hooks";
import { type KeyboardEvent, type PointerEvent, useId, useState } from "react";
import { useFormats } from "../../../i18n/formats.ts";
import { useMessages } from "../../../i18n/language.tsx";
import { CURRENCIES, type Currency } from "../../../money/currency.ts";
import { fundsMessages } from "../messages.ts";
import styles from "./balance-chart.module.css";
import type { Point } from "./history.ts";
import { ticksOf } from "./scale.ts";

interface Props {
  readonly points: readonly Point[];
  readonly currency: Currency;
}

const HEIGHT = 236;
const EDGE = { top: 10, right: 4, bottom: 28, left: 62 } as const;
/** Room for a day below the axis. */
const LABEL_WIDTH = 84;

/**
 * The available balance, day by day: it stands still between two entries, so the line has steps. Read by pointer, and by the arrow keys.
 * Drawn by hand: a library's chart was 120 KB and half a second of a slow phone's work for one line.
 */
export function BalanceChart({ points, currency }: Props) {
  const messages = useMessages(fundsMessages);
  const formats = useFormats();
  const { ref, width } = useElementSize();
  const [at, setAt] = useState<number>();
  const shade = useId();
  const amounts = points.map(({ availableMinor }) => availableMinor);
  const ticks = ticksOf(Math.min(...amounts), Math.max(...amounts));
  const [bottom, top] = [ticks[0] ?? 0, ticks.at(-1) ?? 1];
  const [inner, tall] = [Math.max(1, width - EDGE.left - EDGE.right), HEIGHT - EDGE.top - EDGE.bottom];
  const step = inner / Math.max(1, points.length - 1);
  const x = (index: number) => EDGE.left + index * step;
  const y = (minor: number) => EDGE.top + ((top - minor) / (top - bottom || 1)) * tall;
  const day = (index: number) => formats.day(new Date(points[index]?.day ?? 0));
  const money = (index: number) => formats.money(amounts[index] ?? 0, currency);
  const last = points.length - 1;

  const line = amounts.map((minor, index) => (index === 0 ? `M${x(0)} ${y(minor)}` : `H${x(index)}V${y(minor)}`)).join("");
  const shown = Math.max(2, Math.floor(inner / LABEL_WIDTH));
  const days = [...new Set(Array.from({ length: shown }, (_, label) => Math.round((label * last) / (shown - 1))))];
  const decimals = 10 ** CURRENCIES[currency].decimals;
  const move = (index: number) => setAt(Math.min(last, Math.max(0, index)));
  const point = (event: PointerEvent<SVGSVGElement>) =>
    move(Math.round((event.clientX - event.currentTarget.getBoundingClientRect().left - EDGE.left) / step));
  const press = (event: KeyboardEvent) => {
    const moves: Record<string, number> = { ArrowLeft: (at ?? last) - 1, ArrowRight: (at ?? last) + 1, Home: 0, End: last };
    const next = moves[event.key];
    if (next === undefined) return;
    event.preventDefault();
    move(next);
  };
  const text = messages.chartText(
    messages.currencyNames[currency],
    day(0),
    day(last),
    formats.money(Math.min(...amounts), currency),
    formats.money(Math.max(...amounts), currency),
    money(last),
  );
  return (
    <div ref={ref} className={styles.chart}>
      <div
        role="slider"
        tabIndex={0}
        className={styles.reader}
        aria-label={text}
        aria-valuemin={0}
        aria-valuemax={last}
        aria-valuenow={at ?? last}
        aria-valuetext={`${day(at ?? last)}: ${money(at ?? last)}`}
        onKeyDown={press}
        onBlur={() => setAt(undefined)}
      >
        {width > 0 && (
          <svg
            width={width}
            height={HEIGHT}
            aria-hidden="true"
            onPointerMove={point}
            onPointerDown={point}
            onPointerLeave={() => setAt(undefined)}
          >
            <linearGradient id={shade} x1="0" x2="0" y1="0" y2="1">
              <stop offset="0" stopColor="var(--accent)" stopOpacity="0.2" />
              <stop offset="1" stopColor="var(--accent)" stopOpacity="0" />
            </linearGradient>
            {ticks.map((tick) => (
              <g key={tick}>
                <line x1={EDGE.left} x2={width - EDGE.right} y1={y(tick)} y2={y(tick)} className={tick === 0 ? styles.zero : styles.grid} />
                <text x={EDGE.left - 10} y={y(tick)} dy="0.32em" textAnchor="end" className={styles.label}>
                  {formats.shortMoney(Math.round(tick / decimals) * decimals, currency)}
                </text>
              </g>
            ))}
            {days.map((index) => (
              <text
                key={index}
                x={x(index)}
                y={HEIGHT - 6}
                textAnchor={index === 0 ? "start" : index === last ? "end" : "middle"}
                className={styles.label}
              >
                {day(index)}
              </text>
            ))}
            <path d={`${line}V${y(0)}H${x(0)}Z`} fill={`url(#${shade})`} />
            <path d={line} className={styles.line} />
            {at !== undefined && (
              <g>
                <line x1={x(at)} x2={x(at)} y1={EDGE.top} y2={HEIGHT - EDGE.bottom} className={styles.cursor} />
                <circle cx={x(at)} cy={y(amounts[at] ?? 0)} r="4.5" className={styles.dot} />
              </g>
            )}
          </svg>
        )}
      </div>
      {at !== undefined && (
        <div className={styles.tip} aria-hidden="true" style={{ insetInlineStart: Math.min(Math.max(x(at), 70), width - 70) }}>
          <span>{day(at)}</span>
          <strong>{money(at)}</strong>
        </div>
      )}
    </div>
  );
}
