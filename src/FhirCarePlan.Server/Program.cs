using FhirCarePlan.Server.Commands;

if (args is ["facts", .. var rest]) return FactsCommand.Run(rest);

var app = WebApplication.CreateBuilder(args).Build();
app.Run();
return 0;
