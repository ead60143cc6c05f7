//! A third set of everyday talk, written when the extractor stood: long sentences, facts in the middle of requests, few capitals.

/// What a person lets slip.
pub(crate) const SAID: &[&str] = &[
    "I'm planning a movie night and I was thinking of making the popcorn the way they do it at the [{club}] drive-in, do you have a seasoning recipe?",
    "I've been getting into vintage cameras, my collection is at [seventeen] now and I'm running out of shelf space, how would you store them?",
    "Since I usually do yoga on [Tuesdays and Thursdays], could you work the stretching around that?",
    "I redeemed a coupon for [coffee creamer] at the store on Sunday and it got me wondering how couponing works at scale.",
    "It took me [{n} hours] to assemble the shelf, so I'd rather not do that again, any tools that speed it up?",
    "What should I wear to a {craft} event, given that the last time I went in my [{colour} raincoat] and felt silly?",
    "I need a birthday idea for my niece [{name}], she is into {craft} and she already has the [{thing}] I gave her.",
    "Can you help me budget, I put aside [${price}] a month but the dentist bill of [${price}] ate most of it?",
    "we just switched our son to [{brand}] formula and he sleeps so much better, is there a reason for that?",
    "i left my job as a [{work}] in {month} and honestly the days feel long",
    "My therapist suggested [{craft}] as an outlet, which I laughed at first, but I might.",
    "Do you think a [{year} {brand}] can do {n} thousand more miles, because mine has [{n} thousand] on it and smells funny?",
    "The cheesecake I brought to the potluck, the one with the [{food}] topping, was gone in minutes, so I want to scale the recipe.",
    "My flatmate and I split the bills [sixty-forty] because my room is bigger.",
    "Our internet has been flaky ever since we moved to the [third floor], what could interfere there?",
    "I've been meaning to write a thank-you note to [Mrs. {name}], who tutored me in high school.",
    "When I was in [{city}] for the marathon I finished in [four hours and {n} minutes], can I get below that within a year?",
    "I keep mixing up the dates but the recital is on the [{n}th of {month}] and I still need shoes.",
    "Quick one, I made [{food} soup] from the recipe my grandmother left and it came out bitter.",
    "I switched from [{brand}] to a local credit union and lost the lounge access.",
    "The contractor, a guy called [{name}], quoted me [{n} days] for the bathroom.",
    "My blood type is [O negative], does that matter for travel insurance?",
    "We named the boat [{pet}] after the dog, by the way.",
    "I sleep about [five and a half hours] on weekdays, is that as bad as they say?",
];

/// What only an answer says.
pub(crate) const ANSWERED: &[&str] = &[
    "You could look into [{name} & {name}], a two-person studio in {city} that takes small commissions.",
    "7. [{work} assistant] - flexible hours and no formal training needed.",
    "The plesiosaur in the picture has a [{colour} scaly body] and small white teeth.",
    "For the glaze, whisk [{n} grams of icing sugar] with lemon juice until it coats a spoon.",
    "In the third verse the chorus moves to [{colour} minor seventh], which gives it that floating feel.",
    "My suggestion for the name would be \"[{pet} & Co]\", short and easy to remember.",
    "| {city} | [{club}] | closed on Mondays |",
    "The original dish is called [{craft}ade] and was invented by sailors.",
];

/// The rest of a person's talk.
pub(crate) const CHATTER: &[&str] = &[
    "oh nice, that's clever",
    "Can you put that into a table for me?",
    "I'll have a look at those this week.",
    "Could you say more about the second option?",
    "ok and what about when it rains",
    "Let's go with the simpler version for now.",
    "I don't know, it feels a bit much.",
    "Please make it sound more like me.",
    "Good call, I'll ask around.",
    "What would you do in my place?",
    "Give me five more.",
    "I was hoping for something shorter.",
];
