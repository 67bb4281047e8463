declare module 'html-escaper' {
  function escapeText(text: string): string;

  /** Escapes `&`, `<`, `>`, `'` and `"`. */
  export { escapeText as escape };
}
