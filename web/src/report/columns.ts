// The columns that stand in the report (kgload/views/packing.py): many texts as one, numbers as their bytes.

const END = "\x7f";

// Many texts in one, each ended by END: none is cut out before it is asked for.
export class Texts {
  private readonly joined: string;
  private readonly front: string;
  private ends: Uint32Array | null = null;
  private lower: Texts | null = null;

  constructor(packed: string | [string, string]) {
    [this.front, this.joined] = typeof packed === "string" ? ["", packed] : packed;
  }

  // Where each text ends, found out once.
  private found(): Uint32Array {
    if (this.ends) return this.ends;
    let ends = new Uint32Array(1024);
    let count = 0;
    for (let at = this.joined.indexOf(END); at >= 0; at = this.joined.indexOf(END, at + 1)) {
      if (count === ends.length) {
        const more = new Uint32Array(2 * count);
        more.set(ends);
        ends = more;
      }
      ends[count++] = at;
    }
    return (this.ends = ends.subarray(0, count));
  }

  get size(): number {
    return this.found().length;
  }

  at(i: number): string {
    const ends = this.found();
    return this.front + this.joined.slice(i ? ends[i - 1]! + 1 : 0, ends[i]);
  }

  // The first text from a number on that is this one; -1 where there is none.
  find(text: string, from = 0): number {
    if (!text.startsWith(this.front)) return -1;
    const ends = this.found();
    const wanted = text.slice(this.front.length) + END;
    let begin = from ? ends[from - 1]! + 1 : 0;
    if (from >= ends.length) return -1;
    if (this.joined.startsWith(wanted, begin)) return from;
    begin = this.joined.indexOf(END + wanted, begin);
    return begin < 0 ? -1 : this.number(begin + 1);
  }

  // A mark for each text that holds another one, in any case.
  holding(text: string): Uint8Array {
    const found = new Uint8Array(this.size);
    const wanted = text.toLowerCase();
    if (!wanted || wanted.includes(END)) return found;
    // A letter and its small one need not be as long.
    this.lower ??= new Texts(this.joined.toLowerCase());
    const { joined } = this.lower;
    const ends = this.lower.found();
    for (let at = joined.indexOf(wanted); at >= 0; ) {
      const i = this.lower.number(at);
      found[i] = 1;
      at = joined.indexOf(wanted, ends[i]! + 1);
    }
    return found;
  }

  // The number of the text that a character belongs to.
  private number(at: number): number {
    const ends = this.found();
    let [low, high] = [0, ends.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (ends[middle]! < at) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

// Numbers from the letter of their width and their bytes in base 64.
export function numbers(packed: string): Uint8Array | Uint16Array | Int32Array {
  const text = atob(packed.slice(1));
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  if (packed[0] === "b") return bytes;
  // All machines that browsers run on put the least byte first.
  return packed[0] === "h" ? new Uint16Array(bytes.buffer) : new Int32Array(bytes.buffer);
}

// Where the part of each begins that has so many; and where the last one ends.
export function starts(counts: ArrayLike<number>, width = 1): Uint32Array {
  const found = new Uint32Array(counts.length + 1);
  for (let i = 0; i < counts.length; i++) found[i + 1] = found[i]! + width * counts[i]!;
  return found;
}

// The numbers of the greatest sums that are not 0, the greatest first; of equal ones, the first.
export function greatest(sums: ArrayLike<number>, most: number): number[] {
  const found: number[] = [];
  for (let i = 0; i < sums.length; i++) {
    const n = sums[i]!;
    if (!n || (found.length === most && n <= sums[found.at(-1)!]!)) continue;
    let at = found.length;
    while (at > 0 && sums[found[at - 1]!]! < n) at--;
    found.splice(at, 0, i);
    if (found.length > most) found.pop();
  }
  return found;
}
