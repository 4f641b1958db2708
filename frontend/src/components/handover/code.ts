/** 48 27 15: six digits as they are read out. */
export const grouped = (code: string): string => code.replace(/(\d\d)(?=\d)/g, '$1 ')
