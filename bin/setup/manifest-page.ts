/** The page with the button that takes the manifest to GitHub. No script, nothing from elsewhere. */
export const manifestPage = (action: string, manifest: object): string =>
  page(
    'Create the GitHub App of Slipway',
    `<p>GitHub shows you the name, which you may change, and asks you to confirm. Then it sends you back here.</p>
<form method="post" action="${escaped(action)}">
<input type="hidden" name="manifest" value="${escaped(JSON.stringify(manifest))}">
<button type="submit">Create the App on GitHub</button>
</form>`,
  );

/** What the browser shows at the end; the terminal says the same and more. */
export const resultPage = (title: string, sentence: string, link?: { readonly url: string; readonly text: string }) =>
  page(
    title,
    `<p>${escaped(sentence)}</p>${link ? `<p><a href="${escaped(link.url)}" rel="noreferrer">${escaped(link.text)}</a></p>` : ''}`,
  );

const page = (title: string, body: string): string => `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>${escaped(title)}</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:40em;margin:4em auto;padding:0 1em}button{font:inherit;padding:.5em 1em}</style>
</head>
<body><h1>${escaped(title)}</h1>
${body}
</body>
</html>
`;

const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);
