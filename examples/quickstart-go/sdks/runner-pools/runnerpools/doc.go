// Self-hosted runner pools as code: pools, tokens and assignments on Pulumi Cloud, env zero and HCP Terraform.
package runnerpools
