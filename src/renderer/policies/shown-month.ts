import { create } from 'zustand';

/** The month read off the cost chart; null while none is. */
export const useShownMonth = create<{ readonly month: number | null }>()(() => ({ month: null }));
