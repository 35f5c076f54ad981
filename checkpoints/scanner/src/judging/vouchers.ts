// Page arithmetic of a carnet, once: TIR operation k has voucher No. 1 on page 2k−1 and No. 2 on page 2k (Annex 1).

/** The sequence of the operation that a page belongs to. */
export const operationOf = (page: number): number => Math.floor((page + 1) / 2);
export const startPage = (sequence: number): number => 2 * sequence - 1;
export const terminationPage = (sequence: number): number => 2 * sequence;
export const isStart = (page: number): boolean => page % 2 === 1;
/** Boxes 26, 27 and what goes with them are on the voucher No. 2 alone. */
export const isTermination = (page: number): boolean => page > 0 && page % 2 === 0;
export const otherPage = (page: number): number => (isStart(page) ? page + 1 : page - 1);
export const pagesOf = (sequence: number): [number, number] => [startPage(sequence), terminationPage(sequence)];
