// What the views are given: the graph, what is chosen, and how to choose something else.
import type { Graph } from "./graph.ts";
import type { State } from "./state.ts";

export interface Context {
  readonly graph: Graph;
  readonly state: State;
  // The events that match, in the table's order.
  readonly events: Uint32Array;
  choose(change: Partial<State>): void;
}

export interface View {
  readonly element: HTMLElement;
  // Find out how wide the view is; called for all before any is changed, as each look after a change lays the page out.
  measure?(): void;
  update(context: Context): void;
}
