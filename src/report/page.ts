import { escapeText } from './format-value.ts';
import { STYLE_SHEET } from './style-sheet.ts';

const CONTENT_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/**
 * A report as one self-contained HTML page: no script, no external request, a content policy that forbids the rest.
 * `title` and `engine` are escaped here, the sections (empty ones are left out) by who made them.
 */
export function renderPage(title: string, engine: string, sections: readonly string[]): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${CONTENT_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="Crashbar ${escapeText(engine)}">
<title>${escapeText(title)}</title>
<style>${STYLE_SHEET}</style>
</head>
<body>
<main>
${sections.filter((text) => text !== '').join('\n')}
</main>
</body>
</html>
`;
}

/** A section under a heading; markup, not escaped. */
export function section(id: string, title: string, body: string): string {
  return `<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>\n${body}\n</section>`;
}

/** Gives a chart from elsewhere a role and a name for those who do not see it. */
export function nameDrawing(svg: string, label: string): string {
  return svg.replace('<svg ', `<svg role="img" aria-label="${escapeText(label)}" `);
}
