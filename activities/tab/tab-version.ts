/** Of the code that writes tabs, and of the network that hears notes; raised when anything in one changes. */
export const TAB_VERSION = 3;
