import { playCampaign } from "./play-campaign.ts";

playCampaign(0, 2);
