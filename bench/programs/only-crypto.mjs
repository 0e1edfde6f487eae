/** The least that a module which signs can load. */
import "node:crypto";
