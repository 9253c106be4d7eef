using System.Text.Json.Nodes;
using FhirCarePlan.Server.Answers;

using static FhirCarePlan.Server.Tests.CareRules.Sheet;

namespace FhirCarePlan.Server.Tests.CareRules.Lifecycles;

/// <summary>Who may take a request which step: the trust asks, the council does.</summary>
[Collection("ward")]
public sealed class RequestStatusTests(Ward ward)
{
    [Fact]
    public async Task Who_asks_cancels_but_does_not_accept_for_the_other()
    {
        var ash = await ward.Arrives();
        Assert.Equal("cpa-state-task", (await ash.Create("Task/ask", Request(ash, "accepted"))).Errors);
        Assert.Equal("cpa-state-task", (await ash.Create("Task/ask", Request(ash, "completed"))).Errors);
        Assert.Equal("", (await ash.Create("Task/ask", Request(ash, "requested"))).Errors);
        Assert.Equal("cpa-state-task", (await ash.Change("Task/ask", t => t["status"] = "received")).Errors);
        Assert.Equal("cpa-state-task", (await ash.Change("Task/ask", t => t["status"] = "completed")).Errors);
        Assert.Equal("", (await ash.Change("Task/ask", t => t["status"] = "cancelled")).Errors);
        Assert.Equal("cpa-state-task", (await ash.Change("Task/ask", t => t["status"] = "requested")).Errors);
    }

    [Fact]
    public async Task The_request_follows_the_owner_s_answer()
    {
        var ash = await ward.Arrives();
        Assert.Equal("", (await ash.Create("Task/ask", Request(ash, "requested"))).Errors);
        var answered = await ash.Create("Task/answer", Answer(ash, "accepted"), "social-worker");
        Assert.True(answered.Kind == AnswerKind.Created, answered.ToString());
        Assert.Equal("", (await ash.Change("Task/ask", t => t["status"] = "received")).Errors);
        Assert.Equal("", (await ash.Change("Task/ask", t => t["status"] = "accepted")).Errors);
        Assert.Equal("cpa-state-task", (await ash.Change("Task/ask", t => t["status"] = "in-progress")).Errors);
        Assert.Equal("", (await ash.Change("Task/answer", t => t["status"] = "in-progress", "social-worker")).Errors);
        Assert.Equal("", (await ash.Change("Task/ask", t => t["status"] = "in-progress")).Errors);
        Assert.Equal("", (await ash.Change("Task/ask", t => t["status"] = "on-hold")).Errors);
    }

    [Fact]
    public async Task Among_colleagues_anybody_takes_the_next_step()
    {
        var ash = await ward.Arrives();
        var request = Request(ash, "requested");
        request["owner"] = Ref("PractitionerRole/psychiatrist");
        Assert.Equal("", (await ash.Create("Task/ask", request)).Errors);
        foreach (var status in (string[])["received", "accepted", "in-progress", "completed"])
            Assert.Equal("", (await ash.Change("Task/ask", t => t["status"] = status)).Errors);
    }

    private static JsonObject Request(Ash ash, string status) => Task(ash, status, "care-coordinator");

    private static JsonObject Answer(Ash ash, string status)
    {
        var answer = Task(ash, status, "social-worker");
        answer["partOf"] = new JsonArray(Ref(ash["Task/ask"]));
        return answer;
    }

    private static JsonObject Task(Ash ash, string status, string requester) => Json($$"""
        {"resourceType": "Task", "status": "{{status}}", "intent": "order", "for": {"reference": "{{ash["Patient/ash"]}}"}, "authoredOn": "2026-01-01", "statusReason": {"text": "Said on the telephone"},
         "code": {"coding": [{"system": "https://fhir.cpa.example/CodeSystem/CPA-TaskCode", "code": "fulfil"}]},
         "requester": {"reference": "PractitionerRole/{{requester}}"}, "owner": {"reference": "PractitionerRole/social-worker"} }
        """);
}
