import { z } from "zod";
import { AdminError, command, required } from "../admin-command";
import type { EmulatorState } from "../state";
import { belongsTo } from "./jobs";
import { findStack } from "./requests";
import { newStack } from "./stacks";
import type { PulumiOrganization, PulumiStack } from "./state";

const organization = z.string();
/** A stack as `project/stack`. */
export const stackPath = z.string().regex(/^[^/]+\/[^/]+$/, "must be project/stack");
const stackKey = z.strictObject({ organization, stack: stackPath });
const tags = z.record(z.string(), z.string());

/** Admin commands about stacks: what somebody else does with them while a client isn't looking. */
export function stackAdmin(state: EmulatorState) {
  return {
    createStack: command(
      stackKey.extend({ tags: tags.optional() }),
      ({ organization: owner, stack, ...options }) => {
        const found = freeName(organizationNamed(state, owner), stack);
        const made = newStack(found.project, found.name, options.tags);
        organizationNamed(state, owner).stacks.push(made);
        return { id: made.id };
      },
    ),

    /** Deletes a stack with its settings; its deployments stay, as after a delete over the API. */
    deleteStack: command(stackKey, ({ organization: owner, stack }) => {
      const found = stackAt(state, owner, stack);
      const { stacks } = organizationNamed(state, owner);
      stacks.splice(stacks.indexOf(found), 1);
    }),

    /** Renames a stack, or moves it to another project: `to` is `project/stack`. Id, settings and deployments stay. */
    renameStack: command(stackKey.extend({ to: stackPath }), ({ organization: owner, stack, to }) => {
      const { deployments, policyGroups } = organizationNamed(state, owner);
      const found = stackAt(state, owner, stack);
      const { project, name } = freeName(organizationNamed(state, owner), to);
      for (const deployment of deployments.filter((known) => belongsTo(known, found))) {
        Object.assign(deployment, { project, stack: name });
      }
      for (const reference of policyGroups.flatMap((group) => group.stacks)) {
        if (reference.name !== found.name || reference.routingProject !== found.project) continue;
        Object.assign(reference, { name, routingProject: project });
      }
      Object.assign(found, { project, name, tags: { ...found.tags, "pulumi:project": project } });
    }),

    /** Sets the tags of a stack; those that aren't named go, save `pulumi:project`. */
    setStackTags: command(stackKey.extend({ tags }), ({ organization: owner, stack, tags: wanted }) => {
      const found = stackAt(state, owner, stack);
      found.tags = { ...wanted, "pulumi:project": found.project };
    }),

    /**
     * Gives credentials of kind `member` and `read-only` with this login access to these stacks only; others look as if
     * they didn't exist. null goes back to all stacks.
     */
    setStackAccess: command(
      z.strictObject({ organization, login: z.string(), stacks: z.array(stackPath).nullable() }),
      ({ organization: owner, login, stacks }) => {
        const { stackAccess } = organizationNamed(state, owner);
        if (stacks === null) delete stackAccess[login];
        else stackAccess[login] = stacks.map((path) => stackAt(state, owner, path).id);
      },
    ),
  };
}

/** The organization with this name, or an error that names it. */
export function organizationNamed(state: EmulatorState, name: string): PulumiOrganization {
  return required(
    state.pulumiCloud.organizations.find((known) => known.name === name),
    `Pulumi organization ${name}`,
  );
}

/** The stack at `project/stack`, or an error that names it. */
export function stackAt(state: EmulatorState, owner: string, path: string): PulumiStack {
  const { project, name } = namesOf(path);
  return required(findStack(organizationNamed(state, owner), project, name), `stack ${owner}/${path}`);
}

function freeName(owner: PulumiOrganization, path: string): { project: string; name: string } {
  const names = namesOf(path);
  if (findStack(owner, names.project, names.name) !== undefined) {
    throw new AdminError(`there is already a stack ${owner.name}/${path}`);
  }
  return names;
}

function namesOf(path: string): { project: string; name: string } {
  const [project = "", name = ""] = path.split("/");
  return { project, name };
}
