/**
 * What a text must hold for an image to be in it: a name with `image`, `img` or `repo` where names stand (`image!=""`
 * of a query is none), or something with a path and a tag or digest. A regular expression over the
 * text costs a hundredth of reading it, and most of what ConfigMaps hold are dashboards.
 */
const named =
  /(?:image|img|repo)[\w.-]{0,64}(?:[ \t]{0,8}(?::|=(?![~"'\\]))|\\{0,8}["'][ \t]{0,8}[:=,}\]]|[ \t]{0,8}$|[ \t]{1,8}[^\s!=])|<image/im;
const hosted =
  /(?<![\w/.-])[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,10}(?:\.[a-z0-9-]{1,63}|:\d{1,5})\/[\w./-]{1,256}[:@]\w/i;
/** A path with a tag, as a field that a definition describes may have it; and the transport of an image's URL. */
const tagged = /(?<![\w/.:-])[a-z0-9][\w.-]{0,127}(?:\/[a-z0-9][\w.-]{0,127}){1,8}:\w|docker:\/\//i;
/** What ends both, and begins with a character that few texts have many of: looked for first, it costs a tenth. */
const ending = /\/[\w.-]{0,256}[:@]\w|docker:\/\//i;
/** Letters written as escapes, by which a name can be hidden from a look at the text. */
const escaped = /\\(?:u00|x|U000000)[4-7][0-9a-f]/i;

/** Whether a text is worth reading: false only where no image can be found in it. Linear in the text. */
export function mayHoldImage(text: string): boolean {
  const mayEnd = ending.test(text);
  return named.test(text) || (mayEnd && (hosted.test(text) || tagged.test(text))) || escaped.test(text);
}
