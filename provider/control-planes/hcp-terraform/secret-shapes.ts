/** User, team, organization and agent tokens of HCP Terraform: `<14 characters>.atlasv1.<60 and more characters>`. */
export const secretShapes: readonly RegExp[] = [/\b[A-Za-z0-9]{10,}\.atlasv1\.[A-Za-z0-9]{20,}\b/g];
