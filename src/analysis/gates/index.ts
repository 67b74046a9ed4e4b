// The gates: what makes a run fit for a verdict. One file a gate, one line here.
export {};
