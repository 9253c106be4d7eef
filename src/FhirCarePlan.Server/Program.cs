using FhirCarePlan.Server;
using FhirCarePlan.Server.Commands;
using FhirCarePlan.Server.OpenApi;

return args switch
{
    ["facts", .. var rest] => FactsCommand.Run(rest),
    ["openapi", .. var rest] => await OpenApiCommand.Run(rest),
    _ => await Startup.Run(args),
};
