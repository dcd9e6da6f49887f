import { playCampaign } from "./play-campaign.ts";

playCampaign(1, 2);
