/** The pictures: one for light pages, one for dark ones. */
export const themes = {
  light: {
    background: "#ffffff",
    text: "#24292f",
    line: "#d8dee4",
    colors: ["#0969da", "#1a7f37", "#bc4c00", "#6e7781"],
  },
  dark: {
    background: "#0d1117",
    text: "#e6edf3",
    line: "#30363d",
    colors: ["#58a6ff", "#3fb950", "#f0883e", "#8b949e"],
  },
} as const satisfies Record<string, Palette>;

interface Palette {
  readonly background: string;
  readonly text: string;
  /** Colour of the grid. */
  readonly line: string;
  /** Colours of the curves. */
  readonly colors: readonly string[];
}

/** One of {@link themes}. */
export type Theme = keyof typeof themes;
