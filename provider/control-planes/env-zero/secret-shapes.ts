/** Agent secrets of env zero: `env0agent_<id>_<value>`. Its API key secrets have no shape of their own. */
export const secretShapes: readonly RegExp[] = [/\benv0agent_[A-Za-z0-9._-]+/g];
