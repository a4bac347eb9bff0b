/** What the build weighs, each figure with its budget. */
export function bundleWeights(): { label: string; weightKb: number; budgetKb: number }[];
