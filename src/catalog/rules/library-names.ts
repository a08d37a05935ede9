/** `lib` + name + `.so` with whatever follows. */
export const so = (...names: readonly string[]): readonly string[] =>
  names.flatMap((name) => [`lib${name}.so*`, `lib${name}-[0-9a-f]*.so*`, `lib${name}.dylib`, `lib${name}.*.dylib`]);

/** The version in the name of a shared object: `libz.so.1.2.13`, and with the digest that auditwheel puts in. */
export const tail = (name: string, numbers = String.raw`\d{1,4}(?:\.\d{1,4}){1,3}`): RegExp =>
  new RegExp(String.raw`^lib${name}(?:-[0-9a-f]{8})?\.so\.(?<v>${numbers})$`);
