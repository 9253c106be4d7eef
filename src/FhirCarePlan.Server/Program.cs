using FhirCarePlan.Server;
using FhirCarePlan.Server.Commands;
using FhirCarePlan.Server.OpenApi;

return args switch
{
    ["facts", .. var rest] => FactsCommand.Run(rest),
    ["validate", .. var rest] => ShellCommand.Run(() => ValidateCommand.Run(rest)),
    ["fhirpath", .. var rest] => ShellCommand.Run(() => FhirPathCommand.Run(rest)),
    ["snapshot", .. var rest] => ShellCommand.Run(() => SnapshotCommand.Run(rest)),
    ["audit", .. var rest] => AuditCommand.Run(rest),
    ["openapi", .. var rest] => await OpenApiCommand.Run(rest),
    _ => await Startup.Run(args),
};
