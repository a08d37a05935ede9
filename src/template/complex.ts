import { GoObject, type GoValue } from './value.js';

/** A complex128: only literals of templates (`1i`) make one, and little can be done with it but print it. */
export class Complex {
  readonly real: number;
  readonly imaginary: number;

  constructor(real: number, imaginary: number) {
    this.real = real;
    this.imaginary = imaginary;
  }
}

export function complexValue(number: Complex): GoObject {
  return new GoObject({ type: 'complex128', kind: 'complex128', payload: number });
}

/** The number, or null where the value is no complex one. */
export function complexOf(value: GoValue): Complex | null {
  return value instanceof GoObject && value.payload instanceof Complex ? value.payload : null;
}
