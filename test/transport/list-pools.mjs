// A process of its own, since Node reads proxies and certificate authorities from the environment when it starts.
import { Connections } from "../../dist/provider/control-planes/connect.js";

const [url] = process.argv.slice(2);
const plane = new Connections({ hcpTerraformToken: process.env.TOKEN, hcpTerraformUrl: url }).connect({
  kind: "hcp-terraform",
  organization: "acme",
  url,
});
try {
  console.log(JSON.stringify((await plane.pools.list()).map(({ name }) => name)));
} catch (error) {
  console.log(error.message);
}
